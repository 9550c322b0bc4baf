import { posix } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
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
/** An empty tar archive has 1,024 bytes of zeros; gzipped they are some 30. Smaller files are `VERSION` and the like. */
const smallestLayer = 24;

/**
 * Reads an image as the engine's `save` gives it, looking for markers in every file of every layer.
 * Knows both forms: `ID/layer.tar` of older engines, where a layer that stands twice is a link, and OCI's `blobs/`.
 * @throws Error when the archive lacks something that its manifest names: what was not read must not count as clean
 */
export async function readImage(
  stream: Readable,
  markers: readonly Marker[],
): Promise<ImageContents> {
  const layers = new Map<string, LayerContents>();
  const texts = new Map<string, string>();
  const links = new Map<string, string>();
  const archive = extract();
  // An engine that dies in the middle ends the reading too.
  stream.once("error", (error) => archive.destroy(error));
  stream.pipe(archive);
  for await (const entry of archive) {
    const { name, type, linkname, size } = entry.header;
    if (type === "symlink" && linkname) links.set(name, posix.join(posix.dirname(name), linkname));
    if (type !== "file" || size < smallestLayer) {
      if (type === "file") texts.set(name, await readText(entry as AsyncIterable<Buffer>));
      else entry.resume();
      continue;
    }
    const { head, whole } = await peek(entry as AsyncIterable<Buffer>);
    if (head[0] === 0x7b || head[0] === 0x5b) texts.set(name, await readText(whole));
    else layers.set(name, await readLayer(isGzip(head) ? unzip(whole) : whole, markers));
  }
  const [manifest] = JSON.parse(texts.get("manifest.json") ?? "[]") as {
    Config: string;
    Layers: string[];
  }[];
  const config = manifest && texts.get(manifest.Config);
  if (manifest === undefined || config === undefined)
    throw new Error("The engine's archive of the image has no manifest.");
  return {
    layers: manifest.Layers.map((name) => {
      const layer = layers.get(links.get(name) ?? name);
      if (layer === undefined) throw new Error(`The engine's archive lacks the layer ${name}.`);
      return layer;
    }),
    config,
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

/** An entry's first bytes, at least two of them however the stream is cut, and all of it from the start. */
async function peek(entry: AsyncIterable<Buffer>): Promise<{ head: Buffer; whole: Readable }> {
  const chunks = entry[Symbol.asyncIterator]();
  let head: Buffer = Buffer.alloc(0);
  while (head.length < 2) {
    const next = await chunks.next();
    if (next.done) break;
    head = Buffer.concat([head, next.value]);
  }
  const rest = async function* () {
    yield head;
    for (let next = await chunks.next(); !next.done; next = await chunks.next()) yield next.value;
  };
  return { head, whole: Readable.from(rest(), { objectMode: false }) };
}

async function readText(stream: AsyncIterable<Buffer | string>): Promise<string> {
  let bytes = Buffer.alloc(0);
  for await (const chunk of stream)
    if (bytes.length < longestJson) bytes = Buffer.concat([bytes, Buffer.from(chunk)]);
  return bytes.toString("utf8");
}

function unzip(stream: Readable): Readable {
  return stream.pipe(createGunzip());
}

function isGzip(head: Buffer): boolean {
  return head[0] === 0x1f && head[1] === 0x8b;
}
