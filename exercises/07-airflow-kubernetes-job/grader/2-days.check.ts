// One file, so that they run side by side: each check has days of its own.
import "./2-days/1-scores.ts";
import "./2-days/2-streams.ts";
