/**
 * A container runtime that passes everything on to runc, without the capabilities that this machine withholds.
 * `--privileged` asks for every capability there is, and runc fails on one that it cannot give; the list stands in
 * the bundle's config.json and, for `docker exec`, in the file behind `--process`. Either may be indented, so that a list spans lines (sed -z).
 */
export function runtimeWrapper(runc: string, withheld: readonly string[]): string {
  const removals = withheld.map((name) => `s/"${name}"[[:space:]]*,\\{0,1\\}//g`).join("; ");
  return `#!/bin/sh
# Written by Onramp at each start of its engine. This machine withholds ${withheld.join(", ")}.
bundle= process= previous=
for argument in "$@"; do
  case "$previous" in
    --bundle | -b) bundle=$argument ;;
    --process | -p) process=$argument ;;
  esac
  previous=$argument
done
for file in "$bundle/config.json" "$process"; do
  [ -f "$file" ] && sed -zi '${removals}; s/,[[:space:]]*]/]/g' "$file"
done
exec ${runc} "$@"
`;
}
