import { defineCommand } from "../command.ts";

export default defineCommand({
  audience: "hire",
  configure(command) {
    command
      .description("End the services that `onramp up` keeps running, with what they hold.")
      .argument(
        "[SERVICE|ID...]",
        "kubernetes, kafka, postgres, airflow, or exercises; without one, all",
      )
      .addHelpText("after", "\nExamples:\n  npx onramp down\n  npx onramp down kafka")
      .action(async (typed: string[]) => {
        const { answeringEngine } = await import("../answering-engine.ts");
        const { connectDockerode } = await import("@onramp/engine/connect-dockerode");
        const { endServices } = await import("@onramp/testbed/kept/keep-running");
        const { keptServices } = await import("@onramp/testbed/kept/kept-services");
        const { endedText } = await import("../running-services.ts");
        const { chooseServices } = await import("../service-choice.ts");
        const services = typed.length === 0 ? keptServices : (await chooseServices(typed)).services;
        const dockerode = await connectDockerode(await answeringEngine());
        process.stdout.write(endedText(await endServices(dockerode, services), services));
      });
  },
});
