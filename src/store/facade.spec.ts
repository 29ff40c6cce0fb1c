import { facadeOf } from './facade';

class Inner {
  get name(): string {
    return this._secret.toUpperCase();
  }

  add(one: string, two: string): string {
    this._secret += one + two;
    return this._tail();
  }

  private _tail(): string {
    return this._secret.slice(-1);
  }

  private _secret = 'a';
}

it('does what the object does', () => {
  const facade = facadeOf(new Inner());
  expect(facade.add('b', 'c')).toBe('c');
  expect(facade.name).toBe('ABC');
});

it('shows neither private members nor the way to the object', () => {
  const facade: object = facadeOf(new Inner());
  expect(Reflect.ownKeys(facade).sort()).toEqual(['add', 'name']);
  expect(Object.getPrototypeOf(facade)).toBeNull();
});

it('cannot be changed, nor caught by what is put on prototypes later', () => {
  const inner = new Inner();
  const facade = facadeOf(inner);
  expect(Object.isFrozen(facade)).toBe(true);
  const spies = [
    jest.spyOn(Function.prototype, 'call'),
    jest.spyOn(Function.prototype, 'apply'),
    jest.spyOn(Inner.prototype, 'add')
  ];
  facade.add('b', 'c');
  const calls = spies.map(spy => spy.mock.calls.length);
  spies.forEach(spy => spy.mockRestore());
  expect(calls).toEqual([0, 0, 0]);
});
