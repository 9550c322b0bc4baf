/** Bytes that must not be found, and what they stand for in a message. */
export interface Marker {
  readonly text: string;
  readonly meaning: string;
}

/** Looks for markers in a stream of chunks, also where one is cut in two by a chunk's end. */
export function markerFinder(markers: readonly Marker[]): {
  push(chunk: Buffer): void;
  readonly found: Set<Marker>;
} {
  const overlap = Math.max(0, ...markers.map(({ text }) => Buffer.byteLength(text))) - 1;
  const found = new Set<Marker>();
  let tail = Buffer.alloc(0);
  return {
    found,
    push(chunk) {
      if (markers.length === 0) return;
      const seam = Buffer.concat([tail, chunk.subarray(0, overlap)]);
      for (const marker of markers) {
        if (!found.has(marker) && (chunk.includes(marker.text) || seam.includes(marker.text)))
          found.add(marker);
      }
      const last = chunk.length >= overlap ? chunk : Buffer.concat([tail, chunk]);
      tail = Buffer.from(last.subarray(Math.max(0, last.length - overlap)));
    },
  };
}
