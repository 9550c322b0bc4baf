/** More of a text is not read, in characters: no object of a cluster is larger. */
const mostCharacters = 2_000_000;
/** How often what was written in base64 is taken for base64 again. */
const mostLayers = 2;

/** Whether a text holds a secret: as it is, or in base64, alone or within a longer text. */
export function holdsSecret(text: string, secret: string): boolean {
  return isIn(text.slice(0, mostCharacters), secret, mostLayers);
}

function isIn(text: string, secret: string, layers: number): boolean {
  if (text.includes(secret)) return true;
  if (layers === 0) return false;
  // Lines of base64 are one text, also where JSON writes their ends as `\n`.
  const letters = text.replaceAll(/\\[nrt]|[^\w+/-]/g, "");
  // Where one begins is not known: of four places one is right for any of them.
  return [0, 1, 2, 3].some((offset) =>
    isIn(Buffer.from(letters.slice(offset), "base64").toString("latin1"), secret, layers - 1),
  );
}
