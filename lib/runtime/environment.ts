/** The variables as a process has them. */
export type Environment = Readonly<Record<string, string | undefined>>

/** An empty variable counts as unset: that is what CI systems and `env VAR=` make of an absent one. */
export function readVariable(environment: Environment, name: string): string | undefined {
  const value = environment[name]?.trim()
  return value === '' ? undefined : value
}
