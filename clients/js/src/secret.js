/** A value that does not show itself. The README says why it is no primitive string. */

/** Always as many dots: its length is a secret too. */
const MASK = "Secret('••••••••••••')";

export class Secret {
  // Private, so that no inspector, spread or enumeration reaches it.
  #value;

  constructor(value) {
    this.#value = value;
    Object.freeze(this);
  }

  /** The plain value, for what insists on a string. */
  reveal() {
    return this.#value;
  }

  toString() {
    return this.#value;
  }

  valueOf() {
    return this.#value;
  }

  /** JSON is a file or a wire. A mask would go out in silence, and the value unnoticed. */
  toJSON() {
    throw new TypeError(
      'A Secret is not written to JSON, for that would put it into a file or on a wire in the ' +
        'clear. If you must, write secret.reveal().'
    );
  }

  get [Symbol.toStringTag]() {
    return 'Secret';
  }

  [Symbol.for('Jupyter.display')]() {
    return { 'text/plain': MASK };
  }

  [Symbol.for('Deno.customInspect')]() {
    return MASK;
  }

  [Symbol.for('nodejs.util.inspect.custom')]() {
    return MASK;
  }
}
