"""Everyday words of an office in English and Chinese, as people say them who ask for help: terms of
the trade stand in glossary.py. They stand for one another only across the two languages, and were
written down by subject (people, time, money, papers, devices, troubles), not from any question.
"""

_TERMS = """
boss | superior | line manager | supervisor | manager | 老板 | 上司 | 主管 | 上级 | 经理 | 领导
director | head of department | 总监 | 部门负责人 | 负责人
chief executive | CEO | managing director | 总经理 | 首席执行官 | 高层
finance director | CFO | 财务总监 | 财务负责人
assistant | secretary | 助理 | 秘书
customer | client | buyer | 客户 | 顾客 | 甲方
supplier | vendor | provider | 供应商 | 厂商 | 服务商
account manager | 客户经理
contact | contact person | 联系人 | 对接人 | 窗口
user | people | person | 用户 | 人员 | 人
co-worker | colleagues | workmate | 同事 | 同仁
staff | workers | workforce | 员工 | 人手 | 工人
department | division | 部门 | 科室
branch | site | location | store | shop | 分公司 | 门店 | 网点 | 店
headquarters | head office | 总部
group | team | crew | 小组 | 团队 | 班组
shift | night shift | early shift | 班次 | 轮班 | 夜班 | 早班 | 交班 | 倒班
driver | 司机
nurse | clinic | hospital | 护士 | 诊所 | 医院
teacher | trainer | instructor | lecturer | 老师 | 讲师 | 培训师
student | participant | attendee | 学员 | 参加者
quit | resign | leave the company | left the company | former employee | 离职 | 辞职 | 走了 | 前员工
retire | retired | 退休 | 停用
replace | replacement | successor | substitute | 接替 | 接任 | 替代 | 顶替 | 换人
substitute | stand in | on behalf | proxy | 代理人 | 代签 | 代批 | 代办 | 替身
vacation | holidays | annual leave | time off | away | absent | 休假 | 度假 | 年假 | 请假 | 不在
travel | trip | on the road | business trip | 出差 | 旅行 | 路上
owner | responsible | in charge | 负责 | 负责人 | 归谁
approve | sign | sign off | approval | consent | agree | 批准 | 审批 | 签字 | 同意 | 签核 | 批
refuse | turn down | decline | reject | say no | 拒绝 | 驳回 | 回绝 | 退回
request | application | form | 申请 | 单子 | 申请单 | 表单
submit | send in | hand in | 提交 | 递交 | 送出
waiting | pending | stuck | stalled | blocked | held up | 等待 | 卡住 | 停滞 | 积压 | 待办 | 待处理
backlog | pile | queue | pile up | 积压 | 堆积 | 排队
late | delay | delayed | overdue | 延迟 | 迟 | 晚 | 逾期 | 超时 | 拖延
remind | nudge | chase | 提醒 | 催 | 催办
forward | pass on | route | 转交 | 转发 | 路线
chain | steps | stage | level | levels | 链 | 步骤 | 环节 | 级 | 层级
change | alter | modify | adjust | edit | 更改 | 修改 | 调整 | 改动 | 变更
add | insert | extra | additional | 添加 | 增加 | 新增 | 加
remove | take away | drop | get rid of | 去掉 | 移除 | 取消 | 删除
cancel | withdraw | revoke | recall | 取消 | 撤回 | 撤销
start over | from the beginning | restart | again | 重新 | 从头 | 再次 | 重来
correct | fix | repair | mend | 修正 | 更正 | 修复 | 解决
mistake | wrong | incorrect | slip | 错误 | 弄错 | 出错 | 不对 | 有误
problem | trouble | issue | 问题 | 故障 | 毛病
fail | failed | failure | broken | break | down | crash | 失败 | 坏了 | 中断 | 出故障 | 崩溃
missing | lost | gone | disappeared | vanished | 丢失 | 不见 | 消失 | 缺少 | 没有
empty | blank | 空 | 空白
hidden | cannot see | not visible | see less | invisible | 看不到 | 看不见 | 隐藏
locked | lock | blocked out | 锁定 | 被锁
limit | quota | maximum | cap | 上限 | 限制 | 额度 | 配额 | 名额
exceed | over the limit | too many | too much | 超过 | 超出 | 太多 | 超额 | 用满
code | error code | 代码 | 错误码
not arrive | did not arrive | not received | never came | 没收到 | 未收到 | 没到
spam | junk | 垃圾邮件
unsubscribe | too many mails | 退订 | 邮件太多
reply | answer | respond | 回复 | 答复 | 回信 | 响应
silent | silence | quiet | no answer | unresponsive | 沉默 | 没回音 | 不回复 | 没动静 | 失联
call | telephone | ring | 电话 | 打电话
message | text message | notice | 消息 | 短信 | 通知
meeting | appointment | conference | session | 会议 | 开会 | 例会 | 碰头会 | 会
minutes | notes | protocol | 会议纪要 | 记录
decide | decision | conclude | conclusion | 决定 | 决策 | 结论 | 敲定 | 拍板
boring | routine | pointless | 走过场 | 例行 | 没结论
present | presentation | pitch | slides | 汇报 | 演示 | 介绍 | 幻灯片
promise | commitment | commit | 承诺 | 答应
expectation | expect | 期望 | 预期
goal | aim | objective | target | 目标
plan | planning | 计划 | 规划
proof | evidence | prove | 证明 | 证据 | 凭证
result | outcome | effect | 结果 | 成果 | 效果
value | worth | benefit | 价值 | 收益 | 好处
figure | number | value | total | sum | 数字 | 数值 | 总数 | 总计 | 合计 | 金额
match | agree | tally | differ | difference | discrepancy | 一致 | 对不上 | 差异 | 不一致 | 不符
books | ledger | accounting | bookkeeping | accounts | 账 | 账目 | 会计 | 账簿 | 财务软件 | 财务系统
ERP | accounting system | accounting software | SAP | 财务系统 | 财务软件
bill | bills | receipt | 账单 | 票据 | 单据 | 发票 | 收据
pay | payment | paid | 付款 | 支付 | 付费 | 付钱
money | cash | 钱 | 资金 | 金额
expense | expenses | spending | travel expenses | 费用 | 报销 | 开支 | 差旅费
cheap | rebate | discount | reduction | price cut | 便宜 | 折扣 | 打折 | 优惠 | 降价
expensive | dear | costly | 贵 | 昂贵
buy | purchase | order | 购买 | 采购 | 订购 | 加购 | 下单
sell | sales | sale | 销售 | 出售
warehouse | stock | inventory | stocktaking | 仓库 | 库存 | 盘点
delivery | shipment | deliver | 交付 | 送货 | 发货 | 配送
contract | agreement | sign again | 合同 | 协议 | 续签 | 续约
extend | prolong | continue | 延长 | 延期 | 继续
cancel the contract | terminate | leave us | 解约 | 终止 | 流失
grow | growth | more | 增长 | 增加 | 扩大
save time | faster | quick | quickly | speed up | 省时间 | 更快 | 加快 | 快
slow | takes long | takes too long | 慢 | 太久 | 耗时
wait | waiting time | 等 | 等待时间
day | daily | every day | 天 | 每天 | 每日
yesterday | 昨天 | 前一天
today | 今天 | 当天
morning | early | 早上 | 早晨 | 清晨 | 上午
afternoon | 下午
night | overnight | nightly | 夜里 | 夜间 | 晚上
hour | hours | 小时
week | weekly | 周 | 每周 | 星期
month | monthly | 月 | 每月
quarter | quarterly | every three months | 季度 | 每季度 | 三个月
year | annual | yearly | 年 | 年度 | 每年
year-end | end of the year | 年底 | 年末 | 年终
first | beginning | opening | begin | start | 第一 | 首次 | 开头 | 开始 | 首
ninety days | three months | 90 天 | 九十天 | 三个月
half an hour | thirty minutes | 半小时 | 三十分钟
weekend | 周末
later | afterwards | 以后 | 之后 | 后来
date | 日期
history | past | earlier | 历史 | 过去 | 以前
keep | store | retain | how long | 保留 | 保存 | 多久
list | overview | 清单 | 列表 | 名单
table | sheet | spreadsheet | 表 | 表格
chart | graph | diagram | curve | 图表 | 图 | 曲线
page | screen | 页面 | 屏幕 | 界面
field | fields | box | 字段 | 栏位
name | title | 名称 | 名字 | 标题
logo | colour | color | brand | 标志 | 颜色 | 品牌 | 徽标
document | paper | file | attachment | 文件 | 文档 | 附件 | 纸质
print | printed | paper | 打印 | 纸
data | records | entries | 数据 | 资料 | 记录
master data | base data | 主数据 | 主档 | 基础资料
address | 地址
letters | characters | umlaut | umlauts | accents | encoding | 字符 | 编码 | 乱码
upload | load | loading | 上传 | 导入
transfer | sync | synchronise | synchronize | synchronisation | exchange | 同步 | 传输 | 对接
connect | connection | link | hook up | linking | interface | 连接 | 对接 | 接口 | 接入
system | software | tool | program | application | 系统 | 软件 | 工具 | 程序
module | part | add-on | 模块
mobile phone | mobile | mobiles | smartphone | phone | 手机 | 移动端
app | 应用 | 客户端
network | signal | reception | internet | wifi | no signal | 网络 | 信号 | 断网 | 没网
account | login | user account | 账号 | 账户 | 帐号
cannot sign in | cannot log in | locked out | forgot password | 登录不了 | 进不去 | 忘记密码
reset | 重置
access | rights | allowed | authorised | authorized | 访问 | 权限 | 授权 | 允许
security | secure | safe | 安全
data protection | GDPR | right to be forgotten | 数据保护 | 隐私 | 个人信息保护
audit | inspection | check | examine | 审计 | 检查 | 核对 | 查账
law | legal | regulation | 法律 | 法规 | 规定
check | verify | control | 检查 | 核实 | 验证 | 确认
compare | comparison | 比较 | 对比
count | counting | 计数 | 统计
measure | measurement | 衡量 | 测量
calculate | computed | formula | 计算 | 公式
percent | share | proportion | 百分比 | 比例 | 占比
region | area | country | territory | 地区 | 区域 | 国家
language | translate | translation | 语言 | 翻译
split | separate | divide | 拆分 | 分开 | 分割
merge | combine | join | duplicate | double | twice | 合并 | 重复 | 两份
copy | 复制 | 副本 | 抄送
move | transfer to | 移动 | 转移 | 搬
export | extract | pull out | 导出 | 抓取 | 提取
back up | backup | 备份
update | upgrade | new version | release | 更新 | 升级 | 新版本 | 版本
news | what is new | new function | 新功能 | 有什么新
show | display | appear | 显示 | 展示 | 出现
refresh | current | up to date | fresh | 刷新 | 最新 | 及时
old | outdated | obsolete | 旧 | 老 | 过时
new | recently | 新 | 最近
learn | study | learning | 学习 | 学
teach | explain | show how | 教 | 讲解 | 说明
exercise | practice | try | test | rehearse | rehearsal | 练习 | 试 | 测试 | 演练 | 试运行
online class | online course | remote | 线上课 | 在线课程 | 线上
exam | test | pass | 考试 | 测验 | 通过
use | using | in use | 使用 | 用
nobody uses | not used | unused | lying idle | ignore | 没人用 | 不用 | 闲置 | 未使用
habit | behaviour | behavior | 习惯 | 行为
motivate | encourage | persuade | convince | 鼓励 | 说服 | 激励 | 动员
resist | resistance | reluctant | afraid | fear | 抵触 | 不愿 | 抗拒 | 担心
angry | upset | unhappy | annoyed | complain | 生气 | 不满 | 投诉 | 抱怨
happy | satisfied | pleased | 满意 | 高兴
idea | suggestion | wish | proposal | enhancement | improvement | 想法 | 建议 | 愿望 | 提议 | 改进
wish list | ask for a feature | 愿望 | 需求
priority | important | urgent | 优先 | 重要 | 紧急 | 急
trust | confidence | 信任 | 信心
relationship | 关系
negotiate | negotiation | talk about price | 谈判 | 商谈 | 谈
conversation | talk | speak | raise the subject | 谈话 | 谈 | 沟通 | 开口
explain to | tell | inform | 告知 | 告诉 | 说明
question | ask | inquiry | 问题 | 询问 | 提问
help | support | assist | 帮助 | 协助 | 支持
traffic light | red amber green | red yellow green | 红黄绿灯 | 红绿灯 | 红黄绿
score | rating | grade | points | 分数 | 评分 | 得分 | 打分
component | factor | part of the score | 组成 | 分项 | 成分
warning | warn | sign | signal | 预警 | 警告 | 信号 | 征兆
drop | fall | decline | decrease | 下降 | 减少 | 下滑
rise | increase | 上升 | 上涨 | 增加
reason | cause | why | 原因 | 为什么
example | sample | 例子 | 示例 | 样例
short | shorter | brief | simple | 短 | 简短 | 简单 | 精简
long | lengthy | complicated | complex | 长 | 冗长 | 复杂 | 太长
automatic | automatically | by itself | 自动
by hand | manual | manually | 手工 | 手动 | 人工
threshold | amount | 阈值 | 门槛 | 金额
window | period | 期间 | 时段
town council | municipality | public authority | 市政 | 政府 | 机关
retail | chain store | supermarket | 零售 | 连锁 | 超市
factory | plant | production | manufacturing | 工厂 | 生产 | 制造 | 车间
busy | no time | overloaded | workload | 忙 | 没时间 | 工作量
paper form | on paper | 纸质 | 纸面
wrong person | wrong recipient | 发错人 | 错人
forgotten | forget | forgot | 忘记 | 忘了
remember | 记住 | 记得
find | look for | locate | 找 | 查找 | 寻找
choose | pick | select | choice | 选择 | 挑选 | 选
open | cannot open | 打开 | 打不开
close | shut | 关闭
stop | pause | switch off | turn off | disable | 停止 | 暂停 | 关掉 | 停用 | 关闭
start | switch on | turn on | enable | 开启 | 启用 | 打开
install | set up | configure | configuration | setup | 安装 | 设置 | 配置 | 设定
prepare | preparation | get ready | 准备
arrange | organise | organize | 安排 | 组织
tidy | tidy up | clean up | sort out | 整理 | 清理
reorganise | restructure | reorganisation | merger | takeover | acquired | 重组 | 改组 | 合并 | 收购
hire | recruit | recruitment | 招聘 | 招人
first day | new colleague | newly hired | 第一天 | 新同事 | 刚来
appoint | promote | promotion | 任命 | 升职 | 晋升
visit | on site | 拜访 | 现场
introduce | introduction | roll out | launch | 介绍 | 推行 | 推广 | 启动
success story | reference | reference customer | 成功案例 | 标杆 | 案例
competitor | competition | rival | 竞争对手 | 对手 | 竞品
switch | change to another | 换 | 更换 | 换成
leave | go away | churn | 离开 | 流失 | 走
stay | remain | keep | 留下 | 留住 | 保持
come back | return | win back | 回来 | 挽回 | 返回
look after | care | take care | 照顾 | 关注 | 维护
neglected | ignored | forgotten customer | 被忽视 | 冷落
number of users | how many people | headcount | 人数 | 多少人
share of people | most people | hardly anybody | few people | 大部分人 | 很少人 | 没几个人
every | everybody | everyone | all | 每个 | 所有 | 全部 | 大家
nobody | no one | 没人 | 无人
share | pass around | 分享 | 共享 | 转发
public | outside | external | 公开 | 外部 | 对外
internal | inside | in-house | 内部
private | confidential | secret | 保密 | 机密 | 私密
show to others | who can see | visible | 谁能看到 | 可见
compare with others | peers | similar companies | benchmark | 同行 | 同类 | 对标
industry | sector | 行业
small company | large company | size | 规模 | 小公司 | 大公司
once | only once | 一次 | 只一次
often | frequent | frequently | how often | 经常 | 频率 | 多久一次
never | 从不 | 从来没有 | 从未
in advance | ahead | beforehand | 提前 | 事先 | 预先
on time | punctual | in time | 准时 | 按时 | 及时
last minute | short notice | 临时 | 最后一刻
expire | expired | expiry | run out | valid | 过期 | 到期 | 失效 | 有效期
renew the key | swap | rotate | token | key | 密钥 | 令牌 | 更换 | 轮换
password manager | verification code | authenticator | two-factor | 验证码 | 验证器 | 两步验证
new phone | lost phone | 换手机 | 手机丢了 | 新手机
home office | work from home | remote work | 居家办公 | 远程办公
basement | lift | tunnel | no coverage | 地下室 | 电梯 | 没信号
video | recording | recorded | 视频 | 录像 | 录制 | 回放
download the file | save as | 下载 | 另存
format | date format | decimal | comma | 格式 | 小数点 | 逗号
row | line | cell | 行 | 单元格
column | heading | header | 列 | 表头
special characters | strange characters | garbled | 特殊字符 | 乱码
size | large | big | huge | too large | 大小 | 大 | 太大 | 过大
test run | trial | dry run | sandbox | test environment | 试运行 | 测试环境 | 演练 | 沙箱
go back | previous version | roll back | undo | 返回 | 上一版 | 回滚 | 撤销
history of changes | who changed | traceable | 谁改的 | 修改记录 | 留痕
signature | signed | sign | 签名 | 签字 | 签署
two people | four eyes | second signature | 两人 | 双人 | 复核
threshold amount | above an amount | small amounts | 金额以上 | 小额 | 大额
escalate | pass upwards | send upwards | higher level | 上报 | 升级 | 上级 | 往上
urgent case | emergency | 紧急 | 急件 | 应急
handbook | instructions | manual | 手册 | 说明书 | 操作说明
tip | trick | advice | recommendation | 技巧 | 建议 | 窍门 | 推荐
common mistake | pitfall | avoid | 常见错误 | 误区 | 避免
checklist | to-do | task | tasks | 检查表 | 清单 | 待办 | 任务
step by step | procedure | process | 流程 | 步骤 | 过程
standard | best way | proven | 标准 | 最佳 | 经验
lesson learned | review | look back | retrospective | 复盘 | 回顾 | 总结
monitor | keep an eye on | watch | observe | 监控 | 盯 | 关注 | 观察
trace | track | follow | 追踪 | 跟踪 | 跟进
follow up | next steps | 跟进 | 下一步 | 后续
agreement in writing | written | in writing | 书面
currency | exchange rate | euro | dollar | 货币 | 汇率 | 欧元 | 美元
"""
EVERYDAY = tuple(tuple(line.split(" | ")) for line in _TERMS.strip().split("\n"))
