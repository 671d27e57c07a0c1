/** The process has no time left; another one must go on. No fault: nothing is wrong with the cloud. */
export class OutOfTime extends Error {
  override readonly name = 'OutOfTime'
}
