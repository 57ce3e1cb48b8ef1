# Sums the tests: what cargo says about each test binary (`test result: ok. 12 passed; 0 failed; …`) and what Node says
# at the end (`# pass 12`, `# fail 0`), and what Vitest says (`Tests  1 failed | 12 passed (13)`).
/^test result:/ {
  for (i = 2; i <= NF; i++) {
    if ($i ~ /^passed/) passed += $(i - 1)
    if ($i ~ /^failed/) failed += $(i - 1)
  }
}
/^ +Tests  / {
  for (i = 2; i <= NF; i++) {
    if ($i == "passed") passed += $(i - 1)
    if ($i == "failed") failed += $(i - 1)
  }
}
/^# pass / { passed += $3 }
/^# fail / { failed += $3 }
END { printf "%d passed, %d failed\n", passed, failed }
