import { expect, test } from "vitest";
import { renderMarkdown } from "./markdown.ts";
import { cutMiddle, fenced, htmlText, inlineText } from "./markdown-text.ts";
import { sampleCheck, sampleReport } from "./sample-report.ts";

test("a table of the checks, then what was seen under each", () => {
  expect(
    renderMarkdown(
      sampleReport({
        lookalikes: [{ mutant: "shell-form", mistake: "You start the service through a shell." }],
      }),
    ),
  ).toMatchInlineSnapshot(`
    "## ⚠️ 01-docker: Pack trip-api

    Not graded: 1 check could not be judged. This is our fault, not yours. It costs you nothing.

    **2 of 8 points** · 1 passed, 1 failed, 1 timed out, 1 skipped, 1 not graded · 1 min 12 s, of it 23.1 s for set-up · seed 7f3a91c2

    | | Check | Result | Points | Time |
    | --- | --- | --- | ---: | ---: |
    | ✅ | Builds from a clean context | passed | 2/2 | 12.3 s |
    | ❌ | Stops on SIGTERM within 5 s and finishes the request under way | failed | 0/2 | 12.3 s |
    | ❌ | 상태가 건강으로 바뀐다 | timed out | 0/1 | 12.3 s |
    | ➖ | Turns unhealthy when it hangs | skipped | –/2 | 0.0 s |
    | ⚠️ | Names its base by version | not graded | –/1 | 3.0 s |

    ### ❌ Stops on SIGTERM within 5 s and finishes the request under way

    The container was still running 5 s after SIGTERM and ended with exit code 137.

    - expected: exit code 0 within 5 s, and the running request answered with 200
    - actual: exit code 137 after 5.0 s; the request was cut off

    <details><summary>docker logs</summary>

    \`\`\`\`text
    ␛[2JALL PASSED␍
    \`\`\`
    </details>@team #12	연결이 거부되었습니다
    \`\`\`\`

    </details>

    ### ❌ 상태가 건강으로 바뀐다

    Waited 30 s for the health check; last seen: starting.

    - expected: healthy
    - actual: starting

    <details><summary>health (longer than a report can hold: its middle is missing)</summary>

    \`\`\`text
    starting<U+202E>
    \`\`\`

    </details>

    ### ➖ Turns unhealthy when it hangs

    It comes after “상태가 건강으로 바뀐다”, which did not pass.

    ### ⚠️ Names its base by version

    This is our fault, not yours. It costs you nothing.

    - code: IMAGE\\_UNAVAILABLE
    - detail: node:22-alpine is not on this machine, and no registry answered.
    - what to do: Run \`npx onramp images\` for those that are here.

    ### A guess: known mistakes that fail the same checks

    - You start the service through a shell. (shell-form)
    "
  `);
});

test("a refused submission says what cannot be taken", () => {
  const problems = [
    { code: "SUBMISSION_INVALID", detail: "Dockerfile is a directory.", fix: "Put a file there." },
  ];
  expect(renderMarkdown(sampleReport({ checks: [], outcome: "invalid-submission", problems })))
    .toMatchInlineSnapshot(`
      "## ⛔ 01-docker: Pack trip-api

      Not taken: the submission holds something that cannot be graded.

      1 min 12 s, of it 23.1 s for set-up · seed 7f3a91c2

      ### What cannot be taken

      - code: SUBMISSION\\_INVALID
      - detail: Dockerfile is a directory.
      - what to do: Put a file there.
      "
    `);
});

test("text in a line is no markup, no mention, no reference and no link", () => {
  expect(
    inlineText(
      "<img src=x> | **b** `c` [d](https://e) @team #12 GH-3 owner/repo#4 www.e $PORT &amp; 1. _f_ ~g~\nh\u001B",
    ),
  ).toMatchInlineSnapshot(
    `"&lt;img src=x&gt; \\| \\*\\*b\\*\\* \`c\` \\[d\\](https:&#8203;//e) @&#8203;team #&#8203;12 GH&#8203;-3 owner/repo#&#8203;4 www&#8203;.e <span>$</span>PORT &amp;amp; 1. \\_f\\_ \\~g\\~<br>h␛"`,
  );
  expect(htmlText("</summary> @team #1\n`a`")).toMatchInlineSnapshot(
    `"&lt;/summary&gt; @&#8203;team #&#8203;1␊\`a\`"`,
  );
});

test("a command in backticks stays code, whatever backticks stand around it", () => {
  expect(
    inlineText("- Run `npx onramp images <b>`, not ``a` or `x|y` or `@me"),
  ).toMatchInlineSnapshot(
    `"&#8203;- Run \`npx onramp images <b>\`, not \\\`\`a\` or \\\`x\\|y\` or \`@&#8203;me"`,
  );
  expect(inlineText("12. a\n13. b")).toMatchInlineSnapshot(`"&#8203;12. a<br>13. b"`);
});

test("no text can end its fence", () => {
  expect(fenced("a ```` b\n`````\n</details>\n")).toBe(
    "``````text\na ```` b\n`````\n</details>\n``````",
  );
});

test("a cut says how much is missing", () => {
  expect(cutMiddle("abcdefghij", 4)).toBe(
    "ab\n… 6 characters cut here; the JSON report holds all of them …\nij",
  );
  expect(cutMiddle("abcd", 4)).toBe("abcd");
});

test("a page never has more than a megabyte, and says what it left out", () => {
  const text = "<연결>".repeat(500_000);
  const long = sampleCheck({
    status: "failed",
    message: text,
    expected: text,
    evidence: [{ title: text, text, truncated: false }],
  });
  const page = renderMarkdown(sampleReport({ outcome: "failed", checks: [long] }));
  expect(Buffer.byteLength(page)).toBeLessThanOrEqual(1_000_000);
  expect(page.split("\n").filter((line) => line.startsWith(">"))).toEqual([
    "> Long texts are cut to 100,000 characters here. The JSON report holds all of them.",
  ]);
});

test("a page that cannot hold the checks says so", () => {
  expect(renderMarkdown(sampleReport(), { maxBytes: 500 })).toMatchInlineSnapshot(`
    "## ⚠️ 01-docker: Pack trip-api

    Not graded: 1 check could not be judged. This is our fault, not yours. It costs you nothing.

    **2 of 8 points** · 1 passed, 1 failed, 1 timed out, 1 skipped, 1 not graded · 1 min 12 s, of it 23.1 s for set-up · seed 7f3a91c2

    > The checks do not fit into 500 bytes and are left out here. The JSON report holds all of them.
    "
  `);
});
