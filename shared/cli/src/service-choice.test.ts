import { expect, test } from "vitest";
import { chooseServices } from "./service-choice.ts";

const namesOf = async (typed: readonly string[]) =>
  (await chooseServices(typed)).services.map(({ name }) => name);

test.each([
  [["kafka"], ["kafka"]],
  [
    ["postgres", "kafka", "postgres"],
    ["kafka", "postgres"],
  ],
  [["04-kafka-produce"], ["kafka"]],
  [["05"], ["kafka", "postgres"]],
  [["02-kubernetes"], ["kubernetes"]],
  [["06"], ["postgres", "airflow"]],
  [["07"], ["kubernetes", "kafka", "postgres", "airflow"]],
  [
    ["postgres", "4"],
    ["kafka", "postgres"],
  ],
])("%j means the services %j", async (typed, services) => {
  expect(await namesOf(typed)).toEqual(services);
});

test("an exercise brings its tables, a service none", async () => {
  const { contents } = await chooseServices(["05-kafka-consume", "postgres"]);
  expect(contents.schemas).toEqual([expect.stringContaining("CREATE TABLE IF NOT EXISTS trips")]);
  expect((await chooseServices(["04-kafka-produce", "postgres"])).contents.schemas).toEqual([]);
});

const offer =
  "Services: kubernetes, kafka, postgres, airflow. Exercises with such services: 02-kubernetes, 03-helm, 04-kafka-produce, 05-kafka-consume, 06-airflow, 07-airflow-kubernetes-job.";

test.each([
  [[], `Which services? ${offer}`],
  [["kafak"], `There is no service and no exercise \`kafak\`. Did you mean \`kafka\`? ${offer}`],
  [["snowflake-loader"], `There is no service and no exercise \`snowflake-loader\`. ${offer}`],
  [["01-docker"], `01-docker needs no service that is kept running. ${offer}`],
])("%j is wrong usage", async (typed, message) => {
  await expect(chooseServices(typed)).rejects.toMatchObject({ code: "USAGE", message });
});
