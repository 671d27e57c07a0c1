/** A stretch of creation times in whole seconds since 1970, both ends inside; no `from` means since ever. */
export interface Window {
  readonly from: number | undefined
  readonly to: number
  /** Whether the filter may begin with `from` itself, because that is known to show every row still wanted. */
  readonly isSharp?: boolean
  /** Whether it was read before, so that its first reading tells what is empty. */
  readonly isAgain?: boolean
}

/** A window that is being read: everything before `from` is done, and somebody else may take over its far end. */
export interface Span {
  from: number | undefined
  to: number
  /** Rows still to come, where the API said so. */
  left: number | undefined
  /** Whether an empty answer is believed at once: at the beginning, where nothing is expected or all was read before. */
  mayBeEmpty: boolean
  /** Rows that its pages brought, each but once. */
  read?: number
  /** Seconds from row to row on the last page. */
  secondsPerRow?: number | undefined
  /** As in a window. */
  isSharp?: boolean
  readonly isAgain?: boolean
  /** Where the API does not sort: the windows that it was cut into instead, as far as they are still to be read. */
  unsorted?: Window[]
}
