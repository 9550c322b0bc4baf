// The checks of one file run side by side; these are in three only because they would be a long one.
import "./checks-under-faults.ts";
import "./checks-under-load.ts";
import "./checks-of-the-metrics.ts";
