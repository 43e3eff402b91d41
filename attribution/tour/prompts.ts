/** Owns what the tour's user asks for: beginnings of Solidity code. */

export const PROMPTS: readonly string[] = [
  "function transfer(address to, uint256 amount)",
  "function approve(address spender,",
  "modifier onlyOwner()",
  "event Swap(address indexed sender,",
  "function mint(address to)",
  "function burn(",
  "mapping(address => uint256) private",
  "function _checkOwner() internal view",
  "function mulDiv(uint256 a, uint256 b,",
  "function sqrt(uint256 x) internal pure returns (uint256",
  "function getReserves()",
  "function flashLoan(",
  "library SafeCast {",
  "constructor(string memory name_,",
  "function permit(address owner, address spender,",
  "assembly {\n            let",
  "function supply(address asset, uint256 amount,",
  "function toHexString(uint256 value",
  "emit Transfer(",
  "/// @dev Returns the",
];
