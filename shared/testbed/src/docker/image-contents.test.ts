import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { gzipSync } from "node:zlib";
import { pack } from "tar-stream";
import { expect, test } from "vitest";
import { finalPaths, readImage } from "./image-contents.ts";

const marker = { text: "s3cr3t-token", meaning: "the token" };

/** A tar archive of these files; a value that starts with `->` is a link. */
async function tar(files: Readonly<Record<string, string | Buffer>>): Promise<Buffer> {
  const archive = pack();
  for (const [name, content] of Object.entries(files)) {
    const linkname =
      typeof content === "string" && content.startsWith("->") ? content.slice(2) : undefined;
    if (linkname === undefined) archive.entry({ name }, content);
    else archive.entry({ name, type: "symlink", linkname });
  }
  archive.finalize();
  return buffer(archive);
}

/** The bytes in pieces of this size, as a socket may hand them over. */
function inPieces(bytes: Buffer, size: number): Readable {
  const pieces: Buffer[] = [];
  for (let start = 0; start < bytes.length; start += size)
    pieces.push(bytes.subarray(start, start + size));
  return Readable.from(pieces, { objectMode: false });
}

async function savedImage(): Promise<Buffer> {
  const base = await tar({ "etc/os-release": "debian", "app/old.js": "old" });
  const top = await tar({ "app/.npmrc": `token=${marker.text}`, "app/.wh.old.js": "" });
  return tar({
    "a/VERSION": "1.0",
    "a/layer.tar": base,
    "b/layer.tar": top,
    "c/layer.tar": "->../a/layer.tar",
    "config.json": JSON.stringify({ history: [{ created_by: "COPY . ." }] }),
    "manifest.json": JSON.stringify([
      { Config: "config.json", Layers: ["a/layer.tar", "b/layer.tar", "c/layer.tar"] },
    ]),
  });
}

test.each([1, 3, 100, 511, 513, 65_536])(
  "reads every layer when it comes in pieces of %i bytes",
  async (size) => {
    const { layers, config } = await readImage(inPieces(await savedImage(), size), [marker]);
    expect(layers.map(({ entries }) => entries.map(({ path }) => path))).toEqual([
      ["etc/os-release", "app/old.js"],
      ["app/.npmrc", "app/old.js"],
      ["etc/os-release", "app/old.js"],
    ]);
    expect(layers.map(({ found }) => found)).toEqual([[], [{ path: "app/.npmrc", marker }], []]);
    expect(config).toContain("COPY . .");
  },
);

test("reads the blobs of newer engines, gzipped or not", async () => {
  const archive = await tar({
    "blobs/sha256/aa": gzipSync(await tar({ "app/.env": marker.text })),
    "blobs/sha256/bb": await tar({ "app/index.js": "x" }),
    "blobs/sha256/cc": '{"history":[]}',
    "manifest.json": JSON.stringify([
      { Config: "blobs/sha256/cc", Layers: ["blobs/sha256/aa", "blobs/sha256/bb"] },
    ]),
  });
  const { layers } = await readImage(inPieces(archive, 1000), [marker]);
  expect(layers.map(({ found }) => found.length)).toEqual([1, 0]);
  expect([...finalPaths(layers)]).toEqual(["app/.env", "app/index.js"]);
});

test("a layer that the archive lacks is an error, never an empty layer", async () => {
  const archive = await tar({
    "config.json": '{"history":[]}               ',
    "manifest.json": JSON.stringify([{ Config: "config.json", Layers: ["gone/layer.tar"] }]),
  });
  await expect(readImage(inPieces(archive, 700), [])).rejects.toThrow(
    "The engine's archive lacks the layer gone/layer.tar.",
  );
});

test("a stream that breaks off is an error", async () => {
  const archive = await savedImage();
  const broken = Readable.from(
    (function* () {
      yield archive.subarray(0, 1500);
      throw new Error("socket hang up");
    })(),
    { objectMode: false },
  );
  await expect(readImage(broken, [])).rejects.toThrow("socket hang up");
});

test("what a later layer removes is not in the final image", () => {
  const layer = (...paths: string[]) => ({
    found: [],
    entries: paths.map((path) => ({
      path: path.replace("-", ""),
      isRemoval: path.startsWith("-"),
    })),
  });
  const layers = [
    layer("app/a", "app/b/c", "app/d/e"),
    layer("-app/a", "-app/b"),
    layer("-app/d/.wh..opq", "app/d/f"),
  ];
  expect([...finalPaths(layers)]).toEqual(["app/d/f"]);
});
