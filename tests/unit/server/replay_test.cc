// SPDX-License-Identifier: Apache-2.0
//
// What happens to transfers on a bad day, as timelines (replay.h).
#include "tests/unit/server/replay.h"

namespace dialtone::server {
namespace {

using test::Replay;

TEST_F(Replay, TheFirstBlockIsSentAgainAfterTwiceTheTimeEachRfc1123) {
  play(R"(
    0           > RRQ f
    0           < DATA 1
    1..1.26     < DATA 1
    3..3.75     < DATA 1
    7..8.5      < DATA 1
    15..19      < DATA 1
    31..39      < DATA 1
    62          sessions 1
    80          sessions 0
    200         sessions 0
  )");
}

TEST_F(Replay, ALostBlockOfAWindowIsAskedForRfc7440) {
  play(R"(
    0     > RRQ f windowsize=4
    0     < OACK windowsize=4
    0.1   > ACK 0
    0.1   < DATA 1-4
    0.2   > ACK 2
    0.2   < DATA 3-6
    0.3   > ACK 6
    0.3   < DATA 7-10
    0.4   > ACK 10
    0.4   sessions 0
  )");
}

TEST_F(Replay, AWholeWindowIsLost) {
  play(R"(
    0           > RRQ f windowsize=4
    0           < OACK windowsize=4
    0.1         > ACK 0
    0.1         < DATA 1-4
    1.1..1.4    < DATA 1-4
    1.5         > ACK 4
    1.5         < DATA 5-8
    2.5..2.8    < DATA 5-8
    4.5..5.3    < DATA 5-8
    5.4         > ACK 8
    5.4         < DATA 9-10
    5.5         > ACK 10
    5.5         sessions 0
  )");
}

TEST_F(Replay, AnAckIsLostAndTheWindowComesAgain) {
  play(R"(
    0           > RRQ f windowsize=8
    0           < OACK windowsize=8
    0.1         > ACK 0
    0.1         < DATA 1-8
    1.1..1.4    < DATA 1-8
    1.5         > ACK 8
    1.5         < DATA 9-10
    1.5         > ACK 8
    1.6         > ERROR 0
  )");
}

TEST_F(Replay, DoubledAndReorderedAcksT60T61T75) {
  play(R"(
    0     > RRQ f
    0     < DATA 1
    0.1   > ACK 1
    0.1   < DATA 2
    0.1   > ACK 1
    0.1   > ACK 1
    0.2   > ACK 2
    0.2   < DATA 3
    0.2   > ACK 1
    0.3   > ACK 3
    0.3   < DATA 4
    0.3   > ACK 2
    0.3   > ACK 40
    0.4   > ACK 4
    0.4   < DATA 5
    0.5   > ERROR 0
    0.5   sessions 0
  )");
}

TEST_F(Replay, AcksOfAWindowComeInAnotherOrder) {
  play(R"(
    0     > RRQ f windowsize=4
    0     < OACK windowsize=4
    0     > ACK 0
    0     < DATA 1-4
    0.1   > ACK 4
    0.1   < DATA 5-8
    0.1   > ACK 2
    0.2   > ACK 8
    0.2   < DATA 9-10
    0.2   > ACK 4
    0.2   > ACK 10
    0.2   sessions 0
  )");
}

TEST_F(Replay, TheLastAckIsLostT70) {
  play(R"(
    0           > RRQ f blksize=1400
    0           < OACK blksize=1400
    0           > ACK 0
    0           < DATA 1
    0.1         > ACK 1
    0.1         < DATA 2
    0.2         > ACK 2
    0.2         < DATA 3
    0.3         > ACK 3
    0.3         < DATA 4
    1.3..1.6    < DATA 4
    1.7         > ACK 4
    1.7         sessions 0
    1.8         > ACK 4
    60          sessions 0
  )");
}

TEST_F(Replay, TheLastAckNeverComesT70) {
  play(R"(
    0           > RRQ f blksize=1468 windowsize=4
    0           < OACK blksize=1468 windowsize=4
    0           > ACK 0
    0           < DATA 1-4
    1..1.3      < DATA 1-4
    3..3.8      < DATA 1-4
    7..8.5      < DATA 1-4
    15..19      < DATA 1-4
    31..39      < DATA 1-4
    100         sessions 0
  )");
}

TEST_F(Replay, AnOackIsLostT55) {
  play(R"(
    0           > RRQ f blksize=100
    0           < OACK blksize=100
    1..1.3      < OACK blksize=100
    1.4         > ACK 1
    3..3.9      < OACK blksize=100
    4           > ACK 0
    4           < DATA 1
    4.1         > ACK 0
    4.2         > ERROR 0
  )");
}

TEST_F(Replay, TheAgreedTimeoutCountsFromTheAckOnRfc2349) {
  play(R"(
    0           > RRQ f timeout=3
    0           < OACK timeout=3
    1..1.3      < OACK timeout=3
    3..3.8      < OACK timeout=3
    4           > ACK 0
    4           < DATA 1
    7..7.8      < DATA 1
    13..15.3    < DATA 1
    15.4        > ERROR 0
  )");
}

TEST_F(Replay, APhoneIsResetAndAsksAgainFromTheSamePortT22) {
  play(R"(
    0     > RRQ f
    0     < DATA 1
    0.1   > ACK 1
    0.1   < DATA 2
    0.2   > ACK 2
    0.2   < DATA 3
    0.9   > RRQ f
    0.9   < DATA 1
    0.9   sessions 1
    1     > ACK 1
    1     < DATA 2
    1.1   > ACK 2
    1.1   < DATA 3
    1.2   > ERROR 0
  )");
}

TEST_F(Replay, APhoneIsResetAndAsksWithOtherOptions) {
  play(R"(
    0     > RRQ f blksize=1000 windowsize=2
    0     < OACK blksize=1000 windowsize=2
    0     > ACK 0
    0     < DATA 1-2
    0.1   > ACK 2
    0.1   < DATA 3-4
    0.5   > RRQ f
    0.5   < DATA 1
    0.6   > ACK 4
    0.6   > ACK 1
    0.6   < DATA 2
    0.7   > ERROR 0
  )");
}

TEST_F(Replay, AStrangerHarmsNoTransferT63T64) {
  play(R"(
    0     > RRQ f
    0     < DATA 1
    0.1   >> ACK 1
    0.1   < ERROR 5
    0.1   >> ERROR 0
    0.2   > ACK 1
    0.2   < DATA 2
    0.3   > UNREACHABLE
    0.3   sessions 0
  )");
}

TEST_F(Replay, AGenerationIsPublishedInTheMiddleT79) {
  play(R"(
    0           > RRQ f windowsize=4
    0           < OACK windowsize=4
    0           > ACK 0
    0           < DATA 1-4
    0.1         publish 2
    0.2         > ACK 2
    0.2         < DATA 3-6
    1.2..1.5    < DATA 3-6
    1.6         > ACK 6
    1.6         < DATA 7-10
    1.7         > ACK 10
    1.7         sessions 0
    2           > RRQ f
    2           < DATA 1
    2.1         > ERROR 0
  )");
}

TEST_F(Replay, ARequestRepeatedBehindAPublishKeepsTheOldBytes) {
  play(R"(
    0     > RRQ f
    0     < DATA 1
    0.1   > ACK 1
    0.1   < DATA 2
    0.2   publish 2
    0.3   > RRQ f
    0.3   < DATA 1
    0.3   sessions 1
    0.4   > ACK 1
    0.4   < DATA 2
    0.5   > ERROR 0
  )");
}

TEST_F(Replay, ABlockIsLostWhereTheNumbersBeginAgainT73) {
  play(R"(
    0           > RRQ long blksize=8 windowsize=16
    0           < OACK blksize=8 windowsize=16
    0           > ACK 0
    0           < DATA 1-16
    0           reads 65520
    1           > ACK 65520
    1           < DATA 65521-0
    1.1         > ACK 65534
    1.1         < DATA 65535-14
    2.1..2.4    < DATA 65535-14
    2.5         > ACK 65535
    2.5         < DATA 0-15
    2.6         > ACK 0
    2.6         < DATA 1-16
    2.7         > ACK 65535
    2.7         > ACK 16
    2.7         < DATA 17-32
    2.8         > ERROR 0
  )");
}

TEST_F(Replay, TheWholeFileBehindTheNumbersIsReadT72T73) {
  play(R"(
    0     > RRQ long blksize=8 windowsize=64
    0     < OACK blksize=8 windowsize=64
    0     > ACK 0
    0     < DATA 1-64
    0     reads 65700
    1     > ACK 164
    1     sessions 0
  )");
}

}  // namespace
}  // namespace dialtone::server
