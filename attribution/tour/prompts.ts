/**
 * Owns what the tour's user asks for: beginnings of Solidity code. Some stand in one package alone, so that every
 * contributor of the tour is among those who are paid.
 */

export const PROMPTS: readonly string[] = [
  "function transfer(address to, uint256 amount)",
  "function approve(address spender,",
  "function _checkOwner() internal view virtual {",
  "function skim(address to) external lock {",
  "function mint(address to) external lock returns (uint liquidity) {",
  "library FixedPointMathLib {",
  "mapping(address => uint256) private",
  "function mulDiv(uint256 a, uint256 b,",
  "function sqrt(uint256 x) internal pure returns (uint256",
  "function snapshotCumulativesInside(int24 tickLower, int24 tickUpper)",
  "function flashLoan(",
  "library SafeCast {",
  "constructor(string memory name_,",
  "function permit(address owner, address spender,",
  "assembly {",
  "IPoolAddressesProvider public immutable",
  "function supply(address asset, uint256 amount,",
  "function toHexString(uint256 value",
  "emit Transfer(",
  "/// @dev Returns the",
];
