// One file, so that these checks run side by side.
import "./3-released/1-apart.ts";
import "./3-released/2-settings.ts";
import "./3-released/3-upgrades.ts";
import "./3-released/4-life.ts";
