// The checks of one file run side by side; these are in three only because they would be a long one.
import "./3-under-stress/1-faults.ts";
import "./3-under-stress/2-end.ts";
import "./3-under-stress/3-load.ts";
