// One after the other: each takes slots, processes or the database away from everything that runs.
import "./3-alone/1-killed.ts";
import "./3-alone/2-slots.ts";
import "./3-alone/3-database.ts";
