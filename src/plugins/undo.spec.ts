import { UndoOffers } from './undo';

let shown: Map<
  string,
  { message: string; undo(): void; autoClose: number | false | undefined }
>;
let undos: UndoOffers;

beforeEach(() => {
  shown = new Map();
  const info = jest.fn((message: string, { actions, autoClose }: any) => {
    const id = `n${shown.size}`;
    shown.set(id, { message, undo: actions[0].callback, autoClose });
    return id;
  });
  const dismiss = jest.fn((id: string) => void shown.delete(id));
  undos = new UndoOffers({ info, dismiss } as any, 'Undo');
});

const messages = () => [...shown.values()].map(({ message }) => message);

it('a second deletion can be undone as well as the first', () => {
  const first = jest.fn();
  const second = jest.fn();
  undos.offer('Deleted db.', first);
  undos.offer('Deleted api.', second);
  expect(messages()).toEqual(['Deleted db.', 'Deleted api.']);
  shown.get('n0')!.undo();
  expect(first).toHaveBeenCalledTimes(1);
  expect(second).not.toHaveBeenCalled();
});

it('a deletion can be undone for ten seconds', () => {
  undos.offer('Deleted db.', jest.fn());
  expect(shown.get('n0')!.autoClose).toBe(10_000);
});

it('a lock takes all of them away, and the names that they tell', () => {
  undos.offer('Deleted db.', jest.fn());
  undos.offer('Deleted api.', jest.fn());
  undos.dismissAll();
  expect(messages()).toEqual([]);
});
