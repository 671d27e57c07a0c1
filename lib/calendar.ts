/** From the 1st of March of the year 0 to the 1st of January 1970. */
const DAYS_TO_1970 = 719_468
/** In the 400 years after which the calendar repeats. */
const DAYS_OF_ERA = 146_097

/** The days from 1970 to a date of the Gregorian calendar, counted in years that end with February; a fifth of what `Date.UTC` takes. */
export function daysSinceEpoch(year: number, month: number, day: number): number {
  const marchYear = month > 2 ? year : year - 1
  const marchMonth = month > 2 ? month - 3 : month + 9
  const leapDays = Math.floor(marchYear / 4) - Math.floor(marchYear / 100) + Math.floor(marchYear / 400)
  const dayOfYear = Math.floor((153 * marchMonth + 2) / 5) + day - 1
  return marchYear * 365 + leapDays + dayOfYear - DAYS_TO_1970
}

/** The date that lies so many days after the 1st of January 1970, as `2026-11-20`; for years of four digits. */
export function dateText(daysFromEpoch: number): string {
  const days = daysFromEpoch + DAYS_TO_1970
  const era = Math.floor(days / DAYS_OF_ERA)
  const dayOfEra = days - era * DAYS_OF_ERA
  // Without the leap days before it, every year of the era has 365 days.
  const leapDays =
    Math.floor(dayOfEra / 1460) - Math.floor(dayOfEra / 36_524) + Math.floor(dayOfEra / 146_096)
  const yearOfEra = Math.floor((dayOfEra - leapDays) / 365)
  const dayOfYear = dayOfEra - (yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100))
  const marchMonth = Math.floor((5 * dayOfYear + 2) / 153)
  const month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
  const day = dayOfYear - Math.floor((153 * marchMonth + 2) / 5) + 1
  const year = era * 400 + yearOfEra + (month > 2 ? 0 : 1)
  return `${year}-${twoDigits(month)}-${twoDigits(day)}`
}

/** The time of a day that lies so many milliseconds after its beginning, as `06:45:00.123`. */
export function clockText(msOfDay: number): string {
  const seconds = Math.floor(msOfDay / 1000)
  const minutes = Math.floor(msOfDay / 60_000)
  const ms = msOfDay % 1000
  const padding = ms < 10 ? '00' : ms < 100 ? '0' : ''
  return `${twoDigits(Math.floor(minutes / 60))}:${twoDigits(minutes % 60)}:${twoDigits(seconds % 60)}.${padding}${ms}`
}

function twoDigits(value: number): string {
  return value < 10 ? `0${value}` : `${value}`
}
