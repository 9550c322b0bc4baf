{{/* The helpers are those of the library chart fleet. */}}
