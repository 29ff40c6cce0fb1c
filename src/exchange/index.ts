/** The exchange: requests in, sealed replies out (spec/exchange.md). */
export { ExchangeError } from './errors';
export {
  parsePrompt,
  type IRecipient,
  type IRequest,
  type IWant,
  type ParsedPrompt
} from './request';
export { paddedLength, sealReply, type ReplyBody } from './reply';
