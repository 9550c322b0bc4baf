#!/bin/sh
# Adds the certificates that the host trusts and Debian does not (a TLS-inspecting proxy's, a company's) in the way
# that lasts: a later update-ca-certificates keeps them.
set -eu
cd /usr/local/share/ca-certificates
awk '
  function flush() { if (body != "" && !(body in known)) { file = "onramp-host-" ++count ".crt"; print text > file; close(file) } }
  /BEGIN CERTIFICATE/ { body = ""; text = ""; inside = 1 }
  inside { text = text (text == "" ? "" : "\n") $0 }
  inside && !/CERTIFICATE/ { body = body $0 }
  /END CERTIFICATE/ { inside = 0; if (FNR == NR) known[body] = 1; else flush(); body = "" }
' /etc/ssl/certs/ca-certificates.crt /tmp/host-certificates.pem
update-ca-certificates
