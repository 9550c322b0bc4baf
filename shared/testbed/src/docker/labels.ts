/** The label that everything of a grading carries; its value is the grading's id. */
export const gradingLabel = "dev.onramp.grading";
