import { expect, test } from "vitest";
import { ServicesSideBySide } from "./services-side-by-side.ts";

const job = {
  gradingId: "0",
  exerciseDirectory: "",
  projectDirectory: "",
  scratchDirectory: "",
  checks: [],
  seed: "1",
  keep: false,
  sharedServices: {},
};

function recorded() {
  const events: string[] = [];
  const starter = (name: string) => async () => {
    events.push(`start ${name}`);
    return { [Symbol.asyncDispose]: async () => void events.push(`stop ${name}`) };
  };
  return { events, starter };
}

test("asking for one service starts them all, once, and the end stops them all, once", async () => {
  const { events, starter } = recorded();
  const services = new ServicesSideBySide({ kafka: starter("kafka"), pg: starter("pg") }, job);
  await services.service("kafka");
  await services.service("pg");
  expect(events).toEqual(["start kafka", "start pg"]);
  await Promise.all([services[Symbol.asyncDispose](), services[Symbol.asyncDispose]()]);
  expect(events.slice(2)).toEqual(["stop kafka", "stop pg"]);
});

test("a service that does not start is told to those who ask for it, and the others are stopped", async () => {
  const { events, starter } = recorded();
  const broken = async () => Promise.reject(new Error("no broker"));
  const services = new ServicesSideBySide({ kafka: broken, pg: starter("pg") }, job);
  await services.service("pg");
  await expect(services.service("kafka")).rejects.toThrow("no broker");
  await services[Symbol.asyncDispose]();
  expect(events).toEqual(["start pg", "stop pg"]);
});

test("nothing is started for nobody", async () => {
  const { events, starter } = recorded();
  await new ServicesSideBySide({ kafka: starter("kafka") }, job)[Symbol.asyncDispose]();
  expect(events).toEqual([]);
});
