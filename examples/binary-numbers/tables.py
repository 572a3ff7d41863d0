"""Computes the numbers of this course. Run it: it prints nothing when all of them are right."""

b = lambda n, w=0: format(n, "b").zfill(w)


def twos(bits):
    return int(bits, 2) - (1 << len(bits)) * int(bits[0])


# places
assert int("1011", 2) == 11 and 4 * 1000 + 0 * 100 + 7 * 10 + 2 == 4072
for bits, patterns, largest in [(1, 2, 1), (2, 4, 3), (3, 8, 7), (4, 16, 15), (8, 256, 255), (10, 1024, 1023)]:
    assert 2**bits == patterns and patterns - 1 == largest
# converting
assert int("110101", 2) == 53 == 32 + 16 + 4 + 1
n, rows = 45, []
while n:
    rows.append((n, n // 2, n % 2))
    n //= 2
assert rows == [(45, 22, 1), (22, 11, 0), (11, 5, 1), (5, 2, 1), (2, 1, 0), (1, 0, 1)]
assert b(45) == "101101" == "".join(str(r[2]) for r in rows[::-1]) and 32 + 8 + 4 + 1 == 45
assert 45 - 32 == 13 < 16 and 13 - 8 == 5 and 5 - 4 == 1 < 2 and 2**6 - 1 == 63
# hexadecimal
assert b(1000) == "1111101000" and len(b(1000)) == 10
for i, d in enumerate("0123456789ABCDEF"):
    assert int(d, 16) == i
assert b(0x2F, 8) == "00101111" and int("101111", 2) == 0x2F == 47 == 2 * 16 + 15
assert 0x1A3 == 419 == 256 + 160 + 3 and 0xFF == 255 == 15 * 16 + 15 and 16**3 == 4096
assert int("01111", 2) == 15 and int("10000", 2) == 16
# adding
assert int("1011", 2) + int("0110", 2) == 17 == int("10001", 2) and int("0110", 2) == 6
assert b(200) == "11001000" and b(100, 8) == "01100100" and b(300) == "100101100" and b(44, 8) == "00101100"
assert (200 + 100) % 256 == 44 and (255 + 1) % 256 == 0
assert int("101", 2) == 5 and int("1010", 2) == 10 and 11 >> 1 == 5 == int("101", 2)
# negative
for bits, plain, value in [("0000", 0, 0), ("0001", 1, 1), ("0111", 7, 7), ("1000", 8, -8), ("1011", 11, -5), ("1111", 15, -1)]:
    assert int(bits, 2) == plain and twos(bits) == value
assert [min(twos(b(i, w)) for i in range(2**w)) for w in (4, 8)] == [-8, -128]
assert [max(twos(b(i, w)) for i in range(2**w)) for w in (4, 8)] == [7, 127]
assert b(7 + int("1011", 2)) == "10010" and twos("0010") == 2
assert 5 ^ 15 == int("1010", 2) and int("0100", 2) + 1 == 5
# questions
assert int("1101", 2) == 13 and 0b1011 == 11 and 2**5 == 32 and 2**7 == 128
assert 0b10001 % 2 == 1 == 0b01011 % 2 and 0b11110 % 2 == 0 == 0b10010 % 2
assert b(37) == "100101" and b(37)[::-1] == "101001"
m, seen = 37, []
while m:
    seen.append((m, m % 2)); m //= 2
assert seen == [(37, 1), (18, 0), (9, 1), (4, 0), (2, 0), (1, 1)]
assert b(70) == "1000110" and [int(x, 2) for x in ("1000", "1001", "1100", "1110")] == [8, 9, 12, 14]
assert b(44) == "101100" and 0b110100 == 52 and 0b101101 % 2 and 0b1011000 == 88 and len("1011000") == 7
assert 64 <= 90 < 128 and 0xD == 13 and 0xE == 14
assert 0b1101110 == 0x6E == 110 and 0b11010110 == 0xD6 == 214 and 0b11011100 == 0xDC == 220
assert 0b10111101 == 0xBD == 189 and 0x10 == 0b10000 == 16 and 0x1F == 0x1f
assert 0b1101 + 0b0111 == 20 == 0b10100 and 0b1101 ^ 0b0111 == 0b1010
assert (250 + 10) % 256 == 4 and 6 ^ 15 == 0b1001 and twos("1010") == -6
assert [twos(x) for x in ("1000", "1011", "1111", "0001", "0111")] == [-8, -5, -1, 1, 7]
assert twos("1100") == -4 and 255 - -255 + 1 == 511 and 127 - -127 + 1 == 255
