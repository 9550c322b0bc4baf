/**
 * What each testbed service needs on the engine before a grading starts, by the names of `infra/images/catalogue.yaml`.
 * A service's name is what `needs:` in `exercise.yaml` says, and its code is in the folder of that name.
 */
export const serviceImages: Readonly<Record<string, readonly string[]>> = {
  docker: ["debian", "node", "ryuk"],
  kubernetes: ["node", "ryuk", "k3s"],
  helm: ["helm"],
  kafka: ["node", "ryuk", "toxiproxy", "kafka"],
  postgres: ["node", "ryuk", "toxiproxy", "postgres"],
  airflow: ["node", "ryuk", "toxiproxy", "postgres", "airflow"],
  program: ["node", "ryuk"],
};
