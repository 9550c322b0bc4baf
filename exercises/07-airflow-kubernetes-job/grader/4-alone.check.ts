// One after the other: each kills pods, or leaves no room for any.
import "./4-alone/1-death.ts";
import "./4-alone/2-room.ts";
