/** Amounts, days and lists as people write them. */

/** Cents as euros, such as `€1,480.00`. */
export function euros(cents: number): string {
  const whole = Math.trunc(Math.abs(cents) / 100)
  const rest = String(Math.abs(cents) % 100).padStart(2, '0')
  return `${cents < 0 ? '-' : ''}€${String(whole).replaceAll(/\B(?=(\d{3})+$)/g, ',')}.${rest}`
}

const months = 'January February March April May June July August September October November December'.split(' ')

/** The day of an ISO time, such as `3 March`. */
export function dayOf(time: string): string {
  const date = new Date(time)
  return `${date.getUTCDate()} ${months[date.getUTCMonth()]}`
}

/** The hour of an ISO time, such as `02:41`. */
export function hourOf(time: string): string {
  return time.slice(11, 16)
}

/** `one`, `two` … and digits from eleven on, with the noun in its number. */
export function counted(count: number, noun: string): string {
  const words = 'no one two three four five six seven eight nine ten'.split(' ')
  return `${words[count] ?? count} ${noun}${count === 1 ? '' : 's'}`
}

/** A sum of `count` amounts: `€5.00`, and `€5.00 in all` when they are several. */
export function inAll(count: number, cents: number): string {
  return count === 1 ? euros(cents) : `${euros(cents)} in all`
}

/** `a, b and c`. */
export function listed(parts: readonly string[]): string {
  return parts.length < 2 ? parts.join('') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`
}
