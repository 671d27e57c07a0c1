/** Shorter ones stand in too many honest words; Huawei itself takes no password of less than six characters. */
const LEAST_CHARS = 4

/** Tokens come and go as long as the process lives; these are the secrets told last. */
const MOST_KEPT = 64

const HTML: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

const kept = new Set<string>()
/** Every form of every kept secret, the longest first: one may be the beginning of another. */
let forms: readonly string[] = []

/** Tells a secret of this process, so that no text of a peer is shown with it: a peer may echo what it was sent. */
export function keepSecret(secret: string): void {
  if (secret.length < LEAST_CHARS) return
  const isKnown = kept.delete(secret)
  kept.add(secret)
  if (isKnown) return
  const [oldest] = kept
  if (kept.size > MOST_KEPT && oldest !== undefined) kept.delete(oldest)
  const all = new Set([...kept].flatMap(formsOf).filter(({ length }) => length >= LEAST_CHARS))
  forms = [...all].toSorted((a, b) => b.length - a.length)
}

/** The text without the secrets of this process, whether they stand in it as they are or in a common encoding. */
export function withoutSecrets(text: string): string {
  return forms.reduce(
    (rest, form) => (rest.includes(form) ? rest.replaceAll(form, '[redacted]') : rest),
    text,
  )
}

function formsOf(secret: string): readonly string[] {
  const wellFormed = secret.toWellFormed()
  const percent = encodeURIComponent(wellFormed)
  const strict = percent.replaceAll(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`)
  const inForm = new URLSearchParams([['', wellFormed]]).toString().slice(1)
  return [
    wellFormed,
    // A host loses its capitals.
    wellFormed.toLowerCase(),
    JSON.stringify(wellFormed).slice(1, -1),
    ...[percent, strict, inForm].flatMap((text) => [text, withSmallHex(text)]),
    // Who writes HTML may or may not escape the quotes too.
    ...[/[&<>]/g, /[&<>"]/g, /[&<>"']/g].map((special) =>
      wellFormed.replaceAll(special, (char) => HTML[char] ?? char),
    ),
    ...base64Of(wellFormed),
    Buffer.from(wellFormed).toString('hex'),
  ]
}

function withSmallHex(percent: string): string {
  return percent.replaceAll(/%[0-9A-F]{2}/g, (code) => code.toLowerCase())
}

/** The digits that the secret alone decides, for each of the three ways in which it may lie in a longer text, as in `user:password`. */
function base64Of(secret: string): readonly string[] {
  return [0, 1, 2].flatMap((before) => {
    const bytes = Buffer.concat([Buffer.alloc(before), Buffer.from(secret)])
    const [from, to] = [Math.ceil((before * 4) / 3), Math.floor((bytes.length * 4) / 3)]
    return [bytes.toString('base64').slice(from, to), bytes.toString('base64url').slice(from, to)]
  })
}
