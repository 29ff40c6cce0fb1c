/** Takes the names out of Lab's completers: they keep what they showed last, hidden. */

export function forgetCompletions(): void {
  // An open completer resets itself when a key is pressed outside its editor.
  document.body.dispatchEvent(new KeyboardEvent('keydown', { bubbles: true }));
  // It builds its node anew whenever it opens.
  for (const completer of document.querySelectorAll('.jp-Completer')) {
    completer.textContent = '';
  }
}
