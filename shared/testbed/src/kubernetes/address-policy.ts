import type { KubernetesObject } from "@kubernetes/client-node";

const name = "onramp-addresses";

/**
 * A Service may take any address by `externalIPs`, and with it what is sent to others, the grader among them. No team's
 * cluster allows that. https://github.com/kubernetes/kubernetes/issues/97076 (CVE-2020-8554)
 */
export const addressPolicy: readonly (KubernetesObject & Record<string, unknown>)[] = [
  {
    apiVersion: "admissionregistration.k8s.io/v1",
    kind: "ValidatingAdmissionPolicy",
    metadata: { name },
    spec: {
      failurePolicy: "Fail",
      matchConstraints: {
        resourceRules: [
          {
            apiGroups: [""],
            apiVersions: ["v1"],
            operations: ["CREATE", "UPDATE"],
            resources: ["services"],
          },
        ],
      },
      validations: [
        {
          expression: "!has(object.spec.externalIPs) || size(object.spec.externalIPs) == 0",
          message: "a Service may have no externalIPs here",
        },
      ],
    },
  },
  {
    apiVersion: "admissionregistration.k8s.io/v1",
    kind: "ValidatingAdmissionPolicyBinding",
    metadata: { name },
    spec: { policyName: name, validationActions: ["Deny"] },
  },
];
