/** What the server tells the page (`settings.json`). Token and query are there in the sandbox only. */
export interface EditorSettings {
  readonly cookiePrefix: string;
  readonly authorization?: string;
  readonly query?: string;
}
