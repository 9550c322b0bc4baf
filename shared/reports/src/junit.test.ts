import { create } from "xmlbuilder2";
import { expect, test } from "vitest";
import { renderJunit } from "./junit.ts";
import { sampleCheck, sampleReport } from "./sample-report.ts";

test("a submission's fault is a failure, ours an error, an unmet dependency skipped", () => {
  expect(renderJunit([sampleReport()])).toMatchInlineSnapshot(`
    "<?xml version="1.0" encoding="UTF-8"?>
    <testsuites name="onramp" tests="5" failures="2" errors="1" skipped="1" time="72.345">
      <testsuite name="01-docker" tests="5" failures="2" errors="1" skipped="1" time="72.345" timestamp="2026-11-23T10:00:00.000Z">
        <properties>
          <property name="title" value="Pack trip-api"/>
          <property name="outcome" value="not-graded"/>
          <property name="earned" value="2"/>
          <property name="possible" value="8"/>
          <property name="seed" value="7f3a91c2"/>
          <property name="attempts" value="1"/>
          <property name="setup-seconds" value="23.100"/>
          <property name="exercise-digest" value="sha256:0000000000000000000000000000000000000000000000000000000000000000"/>
          <property name="submission-digest" value="sha256:0000000000000000000000000000000000000000000000000000000000000000"/>
          <property name="grader" value="0.1.0"/>
        </properties>
        <testcase name="Builds from a clean context" classname="01-docker" time="12.345">
          <properties>
            <property name="id" value="builds"/>
            <property name="points" value="2"/>
            <property name="earned" value="2"/>
            <property name="status" value="passed"/>
          </properties>
        </testcase>
        <testcase name="Stops on SIGTERM within 5 s and finishes the request under way" classname="01-docker" time="12.345">
          <properties>
            <property name="id" value="stops"/>
            <property name="points" value="2"/>
            <property name="earned" value="0"/>
            <property name="status" value="failed"/>
          </properties>
          <failure message="The container was still running 5 s after SIGTERM and ended with exit code 137." type="failed">The container was still running 5 s after SIGTERM and ended with exit code 137.

    expected: exit code 0 within 5 s, and the running request answered with 200
    actual: exit code 137 after 5.0 s; the request was cut off</failure>
          <system-out>── docker logs
    ␛[2JALL PASSED␍
    \`\`\`
    &lt;/details&gt;@team #12	연결이 거부되었습니다
    </system-out>
        </testcase>
        <testcase name="상태가 건강으로 바뀐다" classname="01-docker" time="12.345">
          <properties>
            <property name="id" value="turns-healthy"/>
            <property name="points" value="1"/>
            <property name="earned" value="0"/>
            <property name="status" value="timed-out"/>
          </properties>
          <failure message="Waited 30 s for the health check; last seen: starting." type="timed-out">Waited 30 s for the health check; last seen: starting.

    expected: healthy
    actual: starting</failure>
          <system-out>── health (its middle was cut)
    starting&lt;U+202E&gt;</system-out>
        </testcase>
        <testcase name="Turns unhealthy when it hangs" classname="01-docker" time="0.000">
          <properties>
            <property name="id" value="turns-unhealthy"/>
            <property name="points" value="2"/>
            <property name="earned" value="0"/>
            <property name="status" value="skipped"/>
          </properties>
          <skipped message="It comes after “상태가 건강으로 바뀐다”, which did not pass."/>
        </testcase>
        <testcase name="Names its base by version" classname="01-docker" time="3.000">
          <properties>
            <property name="id" value="names-base"/>
            <property name="points" value="1"/>
            <property name="earned" value="0"/>
            <property name="status" value="not-graded"/>
          </properties>
          <error message="node:22-alpine is not on this machine, and no registry answered." type="IMAGE_UNAVAILABLE">node:22-alpine is not on this machine, and no registry answered.

    code: IMAGE_UNAVAILABLE
    detail: node:22-alpine is not on this machine, and no registry answered.
    what to do: Run \`npx onramp images\` for those that are here.</error>
        </testcase>
      </testsuite>
    </testsuites>
    "
  `);
});

test("a refused submission does not look green", () => {
  const problems = [
    { code: "SUBMISSION_INVALID", detail: "Dockerfile is a directory.", fix: "Put a file there." },
  ];
  expect(renderJunit([sampleReport({ checks: [], outcome: "invalid-submission", problems })]))
    .toMatchInlineSnapshot(`
      "<?xml version="1.0" encoding="UTF-8"?>
      <testsuites name="onramp" tests="1" failures="1" errors="0" skipped="0" time="72.345">
        <testsuite name="01-docker" tests="1" failures="1" errors="0" skipped="0" time="72.345" timestamp="2026-11-23T10:00:00.000Z">
          <properties>
            <property name="title" value="Pack trip-api"/>
            <property name="outcome" value="invalid-submission"/>
            <property name="earned" value="0"/>
            <property name="possible" value="8"/>
            <property name="seed" value="7f3a91c2"/>
            <property name="attempts" value="1"/>
            <property name="setup-seconds" value="23.100"/>
            <property name="exercise-digest" value="sha256:0000000000000000000000000000000000000000000000000000000000000000"/>
            <property name="submission-digest" value="sha256:0000000000000000000000000000000000000000000000000000000000000000"/>
            <property name="grader" value="0.1.0"/>
          </properties>
          <testcase name="What cannot be taken" classname="01-docker" time="0.000">
            <failure message="Not taken: the submission holds something that cannot be graded." type="SUBMISSION_INVALID">code: SUBMISSION_INVALID
      detail: Dockerfile is a directory.
      what to do: Put a file there.</failure>
          </testcase>
        </testsuite>
      </testsuites>
      "
    `);
});

test("text reads back as it was, whatever markup it looks like", () => {
  const text = 'a &lt; b & c ]]> <![CDATA[ <x y="&quot;"> 한국어 \uFFFF';
  const check = sampleCheck({ title: text, evidence: [{ title: "log", text, truncated: false }] });
  const xml = renderJunit([sampleReport({ outcome: "passed", checks: [check] })]);
  const testCase = create(xml)
    .root()
    .find((node) => node.node.nodeName === "testcase", false, true)?.node as unknown as ReadElement;
  const readable = text.replace("\uFFFF", "<U+FFFF>");
  expect(testCase.getAttribute("name")).toBe(readable);
  expect(testCase.lastElementChild?.textContent).toBe(`── log\n${readable}`);
});

test("several reports add up", () => {
  const xml = renderJunit([sampleReport(), sampleReport()]);
  expect(xml.split("\n")[1]).toBe(
    '<testsuites name="onramp" tests="10" failures="4" errors="2" skipped="2" time="144.690">',
  );
});

/** As much of an element as the tests read; the types of the DOM are not part of this project. */
interface ReadElement {
  getAttribute(name: string): string | null;
  readonly lastElementChild: { readonly textContent: string | null } | null;
}
