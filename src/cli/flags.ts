/** The options that the next command needs too, so that what is printed can be copied. */
import type { Cli } from './cli.ts'

/** Such as ` --config x --data y`, with a blank before it, or nothing. */
export function flagsOf({ options }: Pick<Cli, 'options'>): string {
  const flag = (name: string, value: string | undefined) =>
    value === undefined
      ? ''
      : ` --${name} ${/^[\w@%+=:,./-]+$/.test(value) ? value : `'${value.replaceAll("'", "'\\''")}'`}`
  return flag('config', options.config) + flag('data', options.data)
}
