import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import type Dockerode from "dockerode";
import { extract } from "tar-stream";
import { type Marker, markerFinder } from "./marker-finder.ts";

/** A file of a layer; `isRemoval` for a whiteout, which hides the path of that name in the layers below. */
export interface LayerEntry {
  readonly path: string;
  readonly isRemoval: boolean;
}

export interface LayerContents {
  readonly entries: readonly LayerEntry[];
  /** Markers found in a file of the layer, also in one that a later layer removes. */
  readonly found: readonly { readonly path: string; readonly marker: Marker }[];
}

/** What an image holds, layer by layer from the base up, with what its configuration and history say. */
export interface ImageContents {
  readonly layers: readonly LayerContents[];
  /** The image's configuration as JSON, with environment and history. */
  readonly config: string;
}

const longestJson = 5_000_000;

/** Reads an image by the engine's `save`, looking for markers in every file of every layer. */
export async function readImage(
  dockerode: Dockerode,
  tag: string,
  markers: readonly Marker[],
): Promise<ImageContents> {
  const layers = new Map<string, LayerContents>();
  const texts = new Map<string, string>();
  const stream = (await dockerode.getImage(tag).get()) as Readable;
  const archive = stream.pipe(extract());
  for await (const entry of archive) {
    const { name, type } = entry.header;
    if (type !== "file") {
      entry.resume();
      continue;
    }
    const { head, whole } = await peek(entry as AsyncIterable<Buffer>);
    // JSON: the manifest, the configuration. Everything else of some size is a layer, as a tar archive or gzipped.
    if (head[0] === 0x7b || head[0] === 0x5b) texts.set(name, await readText(whole));
    else if (head.length >= 512 || isGzip(head))
      layers.set(name, await readLayer(isGzip(head) ? whole.pipe(createGunzip()) : whole, markers));
    else whole.resume();
  }
  const [manifest] = JSON.parse(texts.get("manifest.json") ?? "[]") as {
    Config: string;
    Layers: string[];
  }[];
  if (manifest === undefined) throw new Error(`The engine's archive of ${tag} has no manifest.`);
  return {
    layers: manifest.Layers.map((name) => layers.get(name) ?? { entries: [], found: [] }),
    config: texts.get(manifest.Config) ?? "",
  };
}

/** Paths of all files that are there when all layers lie upon each other. */
export function finalPaths(layers: readonly LayerContents[]): Set<string> {
  const paths = new Set<string>();
  for (const { entries } of layers) {
    for (const { path, isRemoval } of entries) if (isRemoval) remove(paths, path);
    for (const { path, isRemoval } of entries) if (!isRemoval) paths.add(path);
  }
  return paths;
}

function remove(paths: Set<string>, hidden: string): void {
  // An opaque directory, `dir/.wh..wh..opq`, hides everything that was in it.
  const [path, isOpaque] = hidden.endsWith("/.wh..opq")
    ? [hidden.slice(0, -"/.wh..opq".length), true]
    : [hidden, false];
  if (!isOpaque) paths.delete(path);
  for (const other of paths) if (other.startsWith(`${path}/`)) paths.delete(other);
}

async function readLayer(stream: Readable, markers: readonly Marker[]): Promise<LayerContents> {
  const entries: LayerEntry[] = [];
  const found: { path: string; marker: Marker }[] = [];
  const archive = extract();
  const reading = pipeline(stream, archive);
  for await (const entry of archive) {
    const path = entry.header.name.replace(/^\.?\//, "").replace(/\/$/, "");
    const slash = path.lastIndexOf("/") + 1;
    const isRemoval = path.startsWith(".wh.", slash);
    if (entry.header.type !== "directory") {
      entries.push({
        path: isRemoval ? path.slice(0, slash) + path.slice(slash + ".wh.".length) : path,
        isRemoval,
      });
    }
    const finder = markerFinder(markers);
    for await (const chunk of entry) finder.push(chunk as Buffer);
    for (const marker of finder.found) found.push({ path, marker });
  }
  await reading;
  return { entries, found };
}

/** An entry's first bytes, and all of it from the start. */
async function peek(entry: AsyncIterable<Buffer>): Promise<{ head: Buffer; whole: Readable }> {
  const chunks = entry[Symbol.asyncIterator]();
  const first = await chunks.next();
  const head: Buffer = first.done ? Buffer.alloc(0) : first.value;
  const rest = async function* () {
    yield head;
    for (let next = await chunks.next(); !next.done; next = await chunks.next()) yield next.value;
  };
  return { head, whole: Readable.from(rest(), { objectMode: false }) };
}

async function readText(stream: Readable): Promise<string> {
  let text = "";
  for await (const chunk of stream.setEncoding("utf8"))
    if (text.length < longestJson) text += chunk;
  return text;
}

function isGzip(head: Buffer): boolean {
  return head[0] === 0x1f && head[1] === 0x8b;
}
