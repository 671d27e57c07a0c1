/** Where orders for checkpoints arrive: alerts write them there, and who carries them out finds them there. */
export const CHECKPOINT_INBOX = 'inbox/checkpoint/'

/** Where the order of an operation lies. */
export function orderKey(operation: string): string {
  return `${CHECKPOINT_INBOX}${operation}.json`
}
