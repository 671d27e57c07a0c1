/** Whether a text that somebody gave us can be the id of a project, or of anything in one. */
export function isPlainId(text: string): boolean {
  return /^[0-9A-Za-z_-]{1,64}$/.test(text)
}
