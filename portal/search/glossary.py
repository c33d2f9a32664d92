"""Terms of the trade in English and Chinese, so that a question in one language finds the other
even where the meaning of texts is not compared. Generic words are left out on purpose.
"""

_TERMS = """
customer success | 客户成功
customer success manager | CSM | 客户成功经理
champion | 客户管理员
executive | 决策人 | 高管 | 领导
sponsor | 项目发起人
administrator | admin | 管理员
sign in | log in | login | sign-in | 登录 | 登陆
sign out | log out | logout | 退出登录
single sign-on | SSO | 单点登录
two-factor | two-step | 2FA | 两步验证 | 双重验证
password | 密码
invitation | invite | 邀请
dashboard | 仪表盘 | 看板 | 驾驶舱
settings | 设置
export | 导出
import | 导入
upload | 上传
download | 下载
spreadsheet | Excel | 表格
notification | 通知
reminder | 提醒
approval | approve | approver | 审批
delegate | deputy | stand-in | 代理人 | 代审批 | 代理
absence | leave | holiday | 休假 | 请假 | 不在
permission | access rights | 权限
role | 角色
team | 团队
employee | staff | colleague | 员工 | 同事
leaver | 离职
newcomer | new hire | new joiner | onboarding | 新人 | 新员工 | 入职
hand over | handover | hand-over | 交接
training | train | 培训
trainer | internal trainer | 内部讲师
course | 课程
lesson | 课时
quiz | 测验
certificate | 证书 | 结业证书
webinar | open class | 公开课
meeting | 会议
agenda | 议程
email | e-mail | mail | 邮件 | 邮箱
calendar | 日历
report | 报告 | 报表
monthly report | 月报
weekly report | 周报
Monday | 周一 | 星期一
month-end | month end | 月末 | 月底
quarterly business review | QBR | 季度业务复盘
value report | 价值报告
invoice | 发票
contract | 合同
price | pricing | 价格
budget | 预算
discount | 折扣 | 优惠
cost | 成本
saving | savings | 节省
return on investment | ROI | 投资回报
renewal | renew | 续约 | 续费
renewal rate | 续约率 | 续费率
churn | churned | 流失
churn rate | 流失率
retention | 留存
upsell | 升级增购
cross-sell | 交叉销售
expansion | 增购
adoption | 使用情况 | 采用
adoption rate | 使用率
usage | 使用量 | 用量
activation | 激活
activation rate | 激活率 | 账号激活率
login ratio | 登录比例 | 登录率
active users | 活跃用户 | 活跃
daily active users | DAU | 日活
weekly active users | WAU | 周活
monthly active users | MAU | 月活
stickiness | 黏性 | 粘性
time online | 在线时长
breadth | 使用广度
depth | 使用深度
core feature | 核心功能
feature | 功能
entitlement | 已购功能
unused | not used | 没人用 | 未使用 | 闲置
seat | licence | license | 席位 | 许可
usage event | 使用事件
integration | connector | 集成 | 对接 | 第三方对接
API key | API 密钥
webhook | 回调
data freshness | 数据更新时间
out of date | outdated | stale | 过期 | 过时
duplicate | duplicates | 重复
data cleaning | clean up | clean | 清理 | 清洗
rejected | reject | 被拒 | 拒绝 | 退回
row | 行
column | 列
error | 错误 | 报错
baseline | 基准值 | 基线
target | 目标值
trend | 趋势
alert | early warning | 预警 | 告警
escalation | escalate | 升级处理 | 升级 | 上报
health score | 健康分 | 健康度
risk | at risk | 风险
segment | 客户分群 | 分群
lifecycle | 生命周期
implementation | 实施
rollout | roll out | 推广 | 铺开
pilot | 试点
go-live | go live | 上线
milestone | 里程碑
kickoff | kick-off | 启动会
deliverable | 交付物
acceptance | 验收
stakeholder | 干系人
playbook | 标准动作
success plan | 客户成功计划
change request | 需求变更
feature request | 需求 | 功能建议
roadmap | 产品规划 | 路线图
changelog | release note | release notes | 更新说明 | 更新日志
bug | 缺陷
support | 支持 | 客服
ticket | 工单
service level | SLA | 服务时限
first response | 首次响应
survey | 问卷 | 调研问卷
NPS | net promoter score | 净推荐值
CSAT | satisfaction | 满意度
response rate | 回收率
promoter | 推荐者
detractor | 贬损者
feedback | 反馈
complaint | 投诉
best practice | 最佳实践
customer case | case study | 客户案例 | 案例
FAQ | 常见问题
guide | manual | 操作指南 | 手册
knowledge hub | knowledge base | 知识中心 | 知识库
review date | review-by date | 复审日期
draft | 草稿
publish | published | 发布
archive | archived | 归档
audience | 可见范围
audit trail | audit log | 审计 | 操作日志 | 审计日志
auditor | 审计师 | 审计员
compliance | 合规
privacy | 隐私
personal data | 个人数据 | 个人信息
delete | remove | 删除
undo | 撤销
search | 搜索
filter | 筛选
template | 模板
workflow | 流程
automation | automate | 自动化 | 自动
rule | 规则
schedule | scheduled | 定时 | 排期
deadline | due date | 截止日期 | 期限
time zone | 时区
language | 语言
mobile | phone | 手机
browser | 浏览器
offline | 离线
slow | 慢
backup | 备份
restore | 恢复
hotel | hotels | 酒店
freight | logistics | 物流 | 货运
finance | 财务
purchase order | 采购单 | 采购订单
"""
GLOSSARY = tuple(tuple(line.split(" | ")) for line in _TERMS.strip().split("\n"))
