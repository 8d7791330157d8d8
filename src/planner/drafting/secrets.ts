/** Keeps what looks like a key out of what is shown to a language model. */

const mark = '[secret]'

// Tokens by the marks that their makers give them; private keys by their frame; what is named as a secret, by its name.
const patterns: readonly RegExp[] = [
  /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g,
  /\b(?:sk|pk|rk)[-_][A-Za-z0-9_-]{16,}/g,
  /\b(?:ghp|gho|ghu|ghs|ghr|github_pat|glpat|xox[abprs]|npm|hf)[-_][A-Za-z0-9_-]{16,}/g,
  /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g,
  /\bAIza[A-Za-z0-9_-]{30,}/g,
  /\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*/g,
]
const named =
  /\b((?:bearer|password|passwd|secret|token|api[ _-]?key)\b\s*[:=]?\s*["'`]?)(?=[^\s"'`]*\d)([^\s"'`]{8,})/gi

/** `text` with `[secret]` in the place of keys, tokens and passwords that can be known as such. */
export function withoutSecrets(text: string): string {
  return patterns.reduce((left, pattern) => left.replace(pattern, mark), text).replace(named, `$1${mark}`)
}
