// One file, so that these checks run side by side.
import "./2-under-way/1-settings.ts";
import "./2-under-way/2-probes.ts";
import "./2-under-way/3-changes.ts";
import "./2-under-way/4-limits.ts";
