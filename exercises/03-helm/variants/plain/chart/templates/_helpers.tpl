{{/* All of it is in trip-api.yaml. */}}
