// One after the other: each kills pods, or leaves no room for any.
import "./3-alone/1-death.ts";
import "./3-alone/2-room.ts";
