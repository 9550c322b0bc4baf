// The checks of one file run side by side; these are in three only because they would be a long one.
import "./4-under-stress/1-faults.ts";
import "./4-under-stress/2-load.ts";
import "./4-under-stress/3-metrics.ts";
