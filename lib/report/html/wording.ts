import { type Html, html, trusted } from './html.ts'

/** A number as people read it, its digits in threes; the space is drawn, so that a copy is the bare number. */
export function figure(count: number): Html {
  const [whole = '', fraction] = String(count).split('.')
  if (whole.length < 5) return html`${String(count)}`
  const groups = whole.replaceAll(/\B(?=(?:\d{3})+$)/g, '</span><span class="n">')
  return trusted(`<span class="n">${groups}</span>${fraction === undefined ? '' : `.${fraction}`}`)
}

/** A number with its noun: "1 resource", "2 resources". */
export function counted(count: number, noun: string, plural = `${noun}s`): Html {
  return html`${figure(count)} ${count === 1 ? noun : plural}`
}

/** A time of the record for people: UTC, to the minute; the full one is kept in the markup. */
export function moment(time: string | null): Html {
  if (time === null) return html`–`
  return html`<time datetime="${time}">${time.slice(0, 10)} ${time.slice(11, 16)}</time>`
}
