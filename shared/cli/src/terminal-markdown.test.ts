import { expect, test } from "vitest";
import { terminalMarkdown } from "./terminal-markdown.ts";

test("wraps prose and items, keeps code, and shows control characters", () => {
  const markdown = `A line of prose that
goes on and on.

- an item that is longer than the width

\`\`\`sh
docker build --tag a-very-long-name-that-stays-on-one-line .
\`\`\`

\u001b[31mred`;
  expect(terminalMarkdown(markdown, 24)).toMatchInlineSnapshot(`
    "A line of prose that
    goes on and on.

    - an item that is
      longer than the width

        docker build --tag a-very-long-name-that-stays-on-one-line .

    ␛[31mred"
  `);
});
