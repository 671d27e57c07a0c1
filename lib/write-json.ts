/** A JSON document as it is stored, for programs and for eyes. */
export function writeJson(document: object): string {
  return `${JSON.stringify(document, null, 2)}\n`
}
