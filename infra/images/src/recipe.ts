import type { Engine } from "@onramp/engine/engine";
import type { CatalogueImage } from "./catalogue.ts";
import type { HostSettings } from "./host-settings.ts";

/** What a recipe's host step works with. */
export interface RecipeContext {
  readonly image: CatalogueImage;
  /** The build context: a copy of the recipe's files, to add to. */
  readonly folder: string;
  /** The build arguments: the pinned versions, to add to. */
  readonly buildArguments: Map<string, string>;
  readonly engine: Engine;
  /** The docker CLI and the variables that point it at the engine. */
  readonly docker: { readonly path: string; readonly env: Readonly<Record<string, string>> };
  readonly host: HostSettings;
  readonly onProgress: (line: string) => void;
  readonly signal: AbortSignal | undefined;
}

/** Prepares on the host what a Dockerfile cannot fetch by itself. What it returns is called after the build. */
export type PrepareRecipe = (context: RecipeContext) => Promise<(() => Promise<void>) | void>;
