/** How drawings look, by day and by night. */
export const style = [
  'text{font:12px ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;fill:#1f2328}',
  '.name{font-weight:600}.note{fill:#57606a}.ask{fill:#9a6700;font-weight:600}',
  '.given text,.wanted text{text-anchor:middle;font-weight:400}',
  '.back{fill:#fff}.box rect{fill:#f6f8fa;stroke:#8c959f}.given rect{fill:#eef4ff;stroke:#8ba7d9}',
  '.wanted rect{fill:#eaf7ee;stroke:#79b58c}.critical rect{stroke:#1f2328;stroke-width:2}.asks rect{fill:#fff8e5;stroke:#bf8700}',
  '.arrow{fill:none;stroke:#8c959f;stroke-width:1.3}.order{stroke-dasharray:4 4}.head{fill:#8c959f}',
  '@media(prefers-color-scheme:dark){',
  'text{fill:#e6edf3}.note{fill:#9198a1}.ask{fill:#e3b341}.back{fill:#0d1117}.box rect{fill:#161b22;stroke:#6e7681}',
  '.given rect{fill:#12203a;stroke:#3d5a96}.wanted rect{fill:#10271a;stroke:#2f6f45}.critical rect{stroke:#e6edf3}',
  '.asks rect{fill:#2b2111;stroke:#bb8009}.arrow{stroke:#6e7681}.head{fill:#6e7681}}',
].join('')
